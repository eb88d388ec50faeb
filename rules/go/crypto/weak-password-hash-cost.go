package passwords

import (
	"crypto/sha256"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"
)

func Cheap(password []byte) ([]byte, error) {
	// ruleid: go.crypto.weak-password-hash-cost
	return bcrypt.GenerateFromPassword(password, bcrypt.MinCost)
}

func Number(password []byte) ([]byte, error) {
	// ruleid: go.crypto.weak-password-hash-cost
	return bcrypt.GenerateFromPassword(password, 5)
}

func Derived(password, salt []byte) []byte {
	// ruleid: go.crypto.weak-password-hash-cost
	return pbkdf2.Key(password, salt, 4096, 32, sha256.New)
}

func Scrypt(password, salt []byte) ([]byte, error) {
	// ruleid: go.crypto.weak-password-hash-cost
	return scrypt.Key(password, salt, 1024, 8, 1, 32)
}

func Default(password []byte) ([]byte, error) {
	// ok: go.crypto.weak-password-hash-cost
	return bcrypt.GenerateFromPassword(password, bcrypt.DefaultCost)
}

func Good(password []byte) ([]byte, error) {
	// ok: go.crypto.weak-password-hash-cost
	return bcrypt.GenerateFromPassword(password, 12)
}

func Strong(password, salt []byte) []byte {
	// ok: go.crypto.weak-password-hash-cost
	return pbkdf2.Key(password, salt, 600000, 32, sha256.New)
}

func StrongScrypt(password, salt []byte) ([]byte, error) {
	// ok: go.crypto.weak-password-hash-cost
	return scrypt.Key(password, salt, 1<<17, 8, 1, 32)
}
