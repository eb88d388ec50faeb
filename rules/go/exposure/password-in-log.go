package accounts

import (
	"log"
	"log/slog"
	"net/http"
	"os"

	"github.com/sirupsen/logrus"
	"golang.org/x/crypto/bcrypt"
)

type Credentials struct {
	Name     string
	Password string
}

func Login(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.exposure.password-in-log
	log.Printf("login %s %s", r.FormValue("name"), r.FormValue("password"))
}

func (c *Credentials) Check() {
	note("wrong password: " + c.Password)
}

func note(text string) {
	// ruleid: go.exposure.password-in-log
	logrus.Warn(text)
}

func Slog(c Credentials) {
	// ruleid: go.exposure.password-in-log
	slog.Info("login", "name", c.Name, "password", c.Password)
}

func Header(w http.ResponseWriter, r *http.Request) {
	header := r.Header.Get("Authorization")
	// ruleid: go.exposure.password-in-log
	log.Println("request with", header)
}

func Environment() {
	// ruleid: go.exposure.password-in-log
	log.Printf("connecting with %s", os.Getenv("DATABASE_PASSWORD"))
	// ok: go.exposure.password-in-log
	log.Printf("listening on %s", os.Getenv("PORT"))
}

func Name(c Credentials) {
	// ok: go.exposure.password-in-log
	slog.Info("login", "name", c.Name, "given", c.Password != "")
	// ok: go.exposure.password-in-log
	log.Printf("password of %s has %d letters", c.Name, len(c.Password))
}

func Hashed(c Credentials) {
	hash, err := bcrypt.GenerateFromPassword([]byte(c.Password), 12)
	if err != nil {
		// ok: go.exposure.password-in-log
		log.Printf("hashing failed: %v", err)
	}
	_ = hash
}

func Masked(c Credentials) {
	// ok: go.exposure.password-in-log
	log.Printf("login with %s", mask(c.Password))
}

func mask(text string) string { return "***" }
