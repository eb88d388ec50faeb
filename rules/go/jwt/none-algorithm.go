package auth

import (
	"github.com/golang-jwt/jwt/v5"
)

func Issue(claims jwt.Claims) (string, error) {
	// ruleid: go.jwt.none-algorithm
	token := jwt.NewWithClaims(jwt.SigningMethodNone, claims)
	// ruleid: go.jwt.none-algorithm
	return token.SignedString(jwt.UnsafeAllowNoneSignatureType)
}

func Parse(raw string) (*jwt.Token, error) {
	return jwt.Parse(raw, func(token *jwt.Token) (any, error) {
		// ruleid: go.jwt.none-algorithm
		return jwt.UnsafeAllowNoneSignatureType, nil
	})
}

func Signed(claims jwt.Claims, key []byte) (string, error) {
	// ok: go.jwt.none-algorithm
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
}

func Refuse(token *jwt.Token) bool {
	// ok: go.jwt.none-algorithm
	return token.Method != jwt.SigningMethodNone
}
