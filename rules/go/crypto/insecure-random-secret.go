package tokens

import (
	crand "crypto/rand"
	"encoding/hex"
	"fmt"
	"math/rand"
	"time"
)

const letters = "abcdefghijklmnopqrstuvwxyz"

type reset struct {
	Token string
	Delay time.Duration
}

func code() int {
	// ruleid: go.crypto.insecure-random-secret
	otp := 100000 + rand.Intn(900000)
	return otp
}

func newReset() reset {
	return reset{
		// ruleid: go.crypto.insecure-random-secret
		Token: fmt.Sprintf("%x", rand.Int63()),
		// ok: go.crypto.insecure-random-secret
		Delay: time.Duration(rand.Intn(50)) * time.Millisecond,
	}
}

func GeneratePassword(n int) string {
	out := make([]byte, n)
	for i := range out {
		// ruleid: go.crypto.insecure-random-secret
		out[i] = letters[rand.Intn(len(letters))]
	}
	return string(out)
}

func generateSessionID() string {
	r := rand.New(rand.NewSource(time.Now().UnixNano()))
	// ruleid: go.crypto.insecure-random-secret
	return fmt.Sprintf("%d", r.Int63())
}

func GenerateToken() (string, error) {
	raw := make([]byte, 32)
	// ok: go.crypto.insecure-random-secret
	if _, err := crand.Read(raw); err != nil {
		return "", err
	}
	return hex.EncodeToString(raw), nil
}

func backoff(attempt int) time.Duration {
	// ok: go.crypto.insecure-random-secret
	jitter := rand.Intn(100 * attempt)
	return time.Duration(jitter) * time.Millisecond
}

func shuffle(items []string) {
	// ok: go.crypto.insecure-random-secret
	rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
}
