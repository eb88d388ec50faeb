package seal

import (
	"crypto/aes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"os"
)

const secret = "example-key-for-tests-only-32-by"

var fixed = []byte("example-key-for-tests-only-32-by")

func Direct() {
	// ruleid: go.crypto.hardcoded-key
	_, _ = aes.NewCipher([]byte("example-key-for-tests-only-32-by"))
}

func Constant(data []byte) []byte {
	// ruleid: go.crypto.hardcoded-key
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(data)
	return mac.Sum(nil)
}

func Passed() {
	encrypt(fixed)
}

func encrypt(key []byte) {
	// ruleid: go.crypto.hardcoded-key
	_, _ = aes.NewCipher(key)
}

func Environment() {
	key, err := hex.DecodeString(os.Getenv("APP_KEY"))
	if err != nil {
		return
	}
	// ok: go.crypto.hardcoded-key
	_, _ = aes.NewCipher(key)
}

func Random() {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	// ok: go.crypto.hardcoded-key
	_, _ = aes.NewCipher(key)
}

func Data(key []byte) []byte {
	// ok: go.crypto.hardcoded-key
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("example-message-for-tests"))
	return mac.Sum(nil)
}
