package keys

import (
	"crypto/dsa"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
)

const oldBits = 1024

func Weak() (*rsa.PrivateKey, error) {
	// ruleid: go.crypto.short-key
	return rsa.GenerateKey(rand.Reader, 1024)
}

func WeakConstant() (*rsa.PrivateKey, error) {
	// ruleid: go.crypto.short-key
	return rsa.GenerateKey(rand.Reader, oldBits)
}

func WeakDSA(params *dsa.Parameters) error {
	// ruleid: go.crypto.short-key
	return dsa.GenerateParameters(params, rand.Reader, dsa.L1024N160)
}

func Good() (*rsa.PrivateKey, error) {
	// ok: go.crypto.short-key
	return rsa.GenerateKey(rand.Reader, 3072)
}

func Minimum() (*rsa.PrivateKey, error) {
	// ok: go.crypto.short-key
	return rsa.GenerateKey(rand.Reader, 2048)
}

func Configured(bits int) (*rsa.PrivateKey, error) {
	// ok: go.crypto.short-key
	return rsa.GenerateKey(rand.Reader, bits)
}

func Curve() (*ecdsa.PrivateKey, error) {
	// ok: go.crypto.short-key
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}
