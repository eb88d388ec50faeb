package box

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
)

func Wrap(key *rsa.PublicKey, secret []byte) ([]byte, error) {
	// ruleid: go.crypto.rsa-without-oaep
	return rsa.EncryptPKCS1v15(rand.Reader, key, secret)
}

func Unwrap(key *rsa.PrivateKey, data []byte) ([]byte, error) {
	// ruleid: go.crypto.rsa-without-oaep
	return rsa.DecryptPKCS1v15(rand.Reader, key, data)
}

func WrapOAEP(key *rsa.PublicKey, secret []byte) ([]byte, error) {
	// ok: go.crypto.rsa-without-oaep
	return rsa.EncryptOAEP(sha256.New(), rand.Reader, key, secret, nil)
}

func Verify(key *rsa.PublicKey, digest, signature []byte) error {
	// ok: go.crypto.rsa-without-oaep
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest, signature)
}
