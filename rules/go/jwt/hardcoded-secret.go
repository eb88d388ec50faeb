package auth

import (
	"os"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/sessions"
)

var signingKey = []byte("example-secret-for-tests")

const secret = "example-secret-for-tests"

func Literal(token *jwt.Token) (string, error) {
	// ruleid: go.jwt.hardcoded-secret
	return token.SignedString([]byte("example-secret-for-tests"))
}

func Package(token *jwt.Token) (string, error) {
	// ruleid: go.jwt.hardcoded-secret
	return token.SignedString(signingKey)
}

func Parse(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(token *jwt.Token) (interface{}, error) {
		// ruleid: go.jwt.hardcoded-secret
		return []byte(secret), nil
	})
}

func Store() *sessions.CookieStore {
	// ruleid: go.jwt.hardcoded-secret
	return sessions.NewCookieStore([]byte("example-secret-for-tests"))
}

func Environment(token *jwt.Token) (string, error) {
	// ok: go.jwt.hardcoded-secret
	return token.SignedString([]byte(os.Getenv("JWT_SECRET")))
}

func Given(token *jwt.Token, key []byte) (string, error) {
	// ok: go.jwt.hardcoded-secret
	return token.SignedString(key)
}

func StoreConfigured(keys ...[]byte) *sessions.CookieStore {
	// ok: go.jwt.hardcoded-secret
	return sessions.NewCookieStore(keys...)
}
