package auth

import (
	"github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	"github.com/golang-jwt/jwt/v5"
)

func Subject(raw string) (string, error) {
	// ruleid: go.jwt.parse-unverified
	token, _, err := new(jwt.Parser).ParseUnverified(raw, jwt.MapClaims{})
	if err != nil {
		return "", err
	}
	return token.Claims.GetSubject()
}

func Jose(raw string) (map[string]any, error) {
	token, err := josejwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, err
	}
	claims := map[string]any{}
	// ruleid: go.jwt.parse-unverified
	err = token.UnsafeClaimsWithoutVerification(&claims)
	return claims, err
}

func Verified(raw string, keys jwt.Keyfunc) (*jwt.Token, error) {
	// ok: go.jwt.parse-unverified
	return jwt.Parse(raw, keys, jwt.WithValidMethods([]string{"RS256"}))
}

func ByIssuer(raw string, keys map[string]jwt.Keyfunc) (*jwt.Token, error) {
	claims := jwt.RegisteredClaims{}
	// ok: go.jwt.parse-unverified
	_, _, err := jwt.NewParser().ParseUnverified(raw, &claims)
	if err != nil {
		return nil, err
	}
	return jwt.ParseWithClaims(raw, &claims, keys[claims.Issuer])
}
