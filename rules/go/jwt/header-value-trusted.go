package tokens

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/golang-jwt/jwt/v5"
)

var keys = map[string]string{"a": "/etc/keys/a.pem", "b": "/etc/keys/b.pem"}

func File(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	// ruleid: go.jwt.header-value-trusted
	return os.ReadFile("/etc/keys/" + kid)
}

func Query(db *sql.DB) jwt.Keyfunc {
	return func(token *jwt.Token) (any, error) {
		var key []byte
		// ruleid: go.jwt.header-value-trusted
		err := db.QueryRow(fmt.Sprintf("SELECT key FROM keys WHERE id = '%v'", token.Header["kid"])).Scan(&key)
		return key, err
	}
}

func Address(token *jwt.Token) (any, error) {
	return fetch(token.Header["jku"].(string))
}

func fetch(address string) (any, error) {
	// ruleid: go.jwt.header-value-trusted
	return http.Get(address)
}

func Bound(db *sql.DB, token *jwt.Token) (any, error) {
	var key []byte
	// ok: go.jwt.header-value-trusted
	err := db.QueryRow("SELECT key FROM keys WHERE id = $1", token.Header["kid"]).Scan(&key)
	return key, err
}

func Known(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	// ok: go.jwt.header-value-trusted
	return os.ReadFile(keys[kid])
}

func Base(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	// ok: go.jwt.header-value-trusted
	return os.ReadFile(filepath.Join("/etc/keys", filepath.Base(kid)))
}
