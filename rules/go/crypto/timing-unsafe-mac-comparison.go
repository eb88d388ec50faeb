package webhook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

func Direct(key, body, received []byte) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	// ruleid: go.crypto.timing-unsafe-mac-comparison
	return bytes.Equal(mac.Sum(nil), received)
}

func Text(key, body []byte, received string) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	expected := hex.EncodeToString(mac.Sum(nil))
	// ruleid: go.crypto.timing-unsafe-mac-comparison
	return expected == received
}

func Constant(key, body, received []byte) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	// ok: go.crypto.timing-unsafe-mac-comparison
	return hmac.Equal(mac.Sum(nil), received)
}

func Digest(body, expected []byte) bool {
	sum := sha256.Sum256(body)
	// ok: go.crypto.timing-unsafe-mac-comparison
	return bytes.Equal(sum[:], expected)
}
