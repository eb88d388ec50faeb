package signing

import (
	"crypto"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"hash"

	"golang.org/x/crypto/pbkdf2"
)

func Mac(key, data []byte) []byte {
	// ruleid: go.crypto.weak-hash-function-value
	mac := hmac.New(md5.New, key)
	mac.Write(data)
	return mac.Sum(nil)
}

func Sign(key *rsa.PrivateKey, digest []byte) ([]byte, error) {
	algorithm := crypto.SHA1
	// ruleid: go.crypto.weak-hash-function-value
	return rsa.SignPKCS1v15(rand.Reader, key, algorithm, digest)
}

func Derive(password, salt []byte) []byte {
	return derive(password, salt, sha1.New)
}

func derive(password, salt []byte, h func() hash.Hash) []byte {
	// ruleid: go.crypto.weak-hash-function-value
	return pbkdf2.Key(password, salt, 100000, 32, h)
}

func Good(key, data []byte) []byte {
	// ok: go.crypto.weak-hash-function-value
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return mac.Sum(nil)
}

func GoodSign(key *rsa.PrivateKey, digest []byte) ([]byte, error) {
	// ok: go.crypto.weak-hash-function-value
	return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest)
}

func Checksum(data []byte) []byte {
	h := md5.New()
	// ok: go.crypto.weak-hash-function-value
	h.Write(data)
	return h.Sum(nil)
}
