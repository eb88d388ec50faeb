package digest

import (
	"crypto/hmac"
	h "crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"example.com/app/checksums"
)

func StorePassword(password string) string {
	// ruleid: go.crypto.weak-hash
	sum := h.Sum([]byte(password))
	return hex.EncodeToString(sum[:])
}

func Fingerprint(r io.Reader) ([]byte, error) {
	// ruleid: go.crypto.weak-hash
	hash := sha1.New()
	if _, err := io.Copy(hash, r); err != nil {
		return nil, err
	}
	return hash.Sum(nil), nil
}

func Short(data []byte) string {
	// ruleid: go.crypto.weak-hash
	return fmt.Sprintf("%x", sha1.Sum(data))
}

func Strong(data []byte) string {
	// ok: go.crypto.weak-hash
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

func Keyed(key, data []byte) []byte {
	// ok: go.crypto.weak-hash
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return mac.Sum(nil)
}

func Other(data []byte) string {
	// ok: go.crypto.weak-hash
	return checksums.MD5(data)
}

func computeETag(data []byte) string {
	// ok: go.crypto.weak-hash
	return fmt.Sprintf("%x", sha1.Sum(data))
}
