package accounts

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

type User struct {
	Name     string
	Password string
}

func Register(w http.ResponseWriter, r *http.Request) {
	password := r.FormValue("password")
	// ruleid: go.crypto.password-in-fast-hash
	sum := sha256.Sum256([]byte(password))
	_ = hex.EncodeToString(sum[:])
}

func (u *User) Hash() string {
	return digest(u.Password)
}

func digest(text string) string {
	// ruleid: go.crypto.password-in-fast-hash
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

func Salted(password, salt string) []byte {
	h := sha256.New()
	// ruleid: go.crypto.password-in-fast-hash
	h.Write([]byte(salt + password))
	return h.Sum(nil)
}

func Slow(w http.ResponseWriter, r *http.Request) {
	// ok: go.crypto.password-in-fast-hash
	hash, err := bcrypt.GenerateFromPassword([]byte(r.FormValue("password")), 12)
	_, _ = hash, err
}

func Etag(body []byte) string {
	// ok: go.crypto.password-in-fast-hash
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func Cached(password string, salt []byte) string {
	key := argon2.IDKey([]byte(password), salt, 1, 64*1024, 4, 32)
	// ok: go.crypto.password-in-fast-hash
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:])
}

func Name(u *User) [32]byte {
	// ok: go.crypto.password-in-fast-hash
	return sha256.Sum256([]byte(u.Name))
}
