package tokens

import (
	"crypto/aes"
	crand "crypto/rand"
	"fmt"
	"math/rand"
	"net/http"
	"time"
)

const letters = "abcdefghijklmnopqrstuvwxyz"

type Reset struct {
	User  string
	Token string
}

func Cookie(w http.ResponseWriter, r *http.Request) {
	id := fmt.Sprintf("%d", rand.Int63())
	// ruleid: go.crypto.predictable-secret
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id})
}

func New(user string) *Reset {
	// ruleid: go.crypto.predictable-secret
	return &Reset{User: user, Token: text(32)}
}

func text(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[rand.Intn(len(letters))]
	}
	return string(b)
}

func Key() {
	seed := time.Now().UnixNano()
	key := []byte(fmt.Sprintf("%032d", seed))
	// ruleid: go.crypto.predictable-secret
	_, _ = aes.NewCipher(key)
}

func Good(user string) *Reset {
	// ok: go.crypto.predictable-secret
	return &Reset{User: user, Token: crand.Text()}
}

func GoodKey() {
	key := make([]byte, 32)
	if _, err := crand.Read(key); err != nil {
		return
	}
	// ok: go.crypto.predictable-secret
	_, _ = aes.NewCipher(key)
}

func Color(w http.ResponseWriter) {
	// ok: go.crypto.predictable-secret
	http.SetCookie(w, &http.Cookie{Name: "color", Value: fmt.Sprint(rand.Intn(8))})
}
