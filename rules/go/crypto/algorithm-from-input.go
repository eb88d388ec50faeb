package sign

import (
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/crypto/ssh"
)

var methods = map[string]string{"rsa": "RS256", "ec": "ES256"}

func Token(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.crypto.algorithm-from-input
	method := jwt.GetSigningMethod(r.FormValue("alg"))
	_ = jwt.New(method)
}

func Environment() {
	signer(os.Getenv("JWT_ALGORITHM"))
}

func signer(name string) *jwt.Token {
	// ruleid: go.crypto.algorithm-from-input
	return jwt.New(jwt.GetSigningMethod(name))
}

func Shell() ssh.Config {
	cipher := os.Getenv("SSH_CIPHER")
	// ruleid: go.crypto.algorithm-from-input
	return ssh.Config{Ciphers: []string{cipher}}
}

func Constant() *jwt.Token {
	// ok: go.crypto.algorithm-from-input
	return jwt.New(jwt.GetSigningMethod("RS256"))
}

func Known(c *gin.Context) *jwt.Token {
	// ok: go.crypto.algorithm-from-input
	return jwt.New(jwt.GetSigningMethod(methods[c.Query("alg")]))
}

func Fixed() ssh.Config {
	// ok: go.crypto.algorithm-from-input
	return ssh.Config{Ciphers: []string{"aes256-gcm@openssh.com"}}
}
