package clients

import (
	"crypto/aes"
	"crypto/cipher"
	"net/http"
	"net/smtp"
	"os"

	"golang.org/x/crypto/ssh"
)

var key = []byte("example-key-text")

func Basic(req *http.Request) {
	// ruleid: go.credentials.hardcoded-client-password
	req.SetBasicAuth("app", "example-password-for-tests")
}

func Mail() smtp.Auth {
	// ruleid: go.credentials.hardcoded-client-password
	return smtp.PlainAuth("", "app@example.com", "example-password-for-tests", "mail.example.com")
}

func SSH() ssh.AuthMethod {
	// ruleid: go.credentials.hardcoded-client-password
	return ssh.Password("example-password-for-tests")
}

func Cipher() (cipher.Block, error) {
	// ruleid: go.credentials.hardcoded-client-password
	return aes.NewCipher(key)
}

func Environment(req *http.Request) {
	// ok: go.credentials.hardcoded-client-password
	req.SetBasicAuth("app", os.Getenv("API_PASSWORD"))
}

func TokenOnly(req *http.Request, token string) {
	// ok: go.credentials.hardcoded-client-password
	req.SetBasicAuth(token, "")
}

func Given(secret []byte) (cipher.Block, error) {
	// ok: go.credentials.hardcoded-client-password
	return aes.NewCipher(secret)
}

func Key(signer ssh.Signer) ssh.AuthMethod {
	// ok: go.credentials.hardcoded-client-password
	return ssh.PublicKeys(signer)
}
