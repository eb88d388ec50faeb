package contact

import (
	"fmt"
	"mime"
	"net/http"
	"net/mail"
	"net/smtp"
	"strings"

	"github.com/gin-gonic/gin"
)

func Send(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.mail-header-from-request
	msg := "To: team@example.com\r\nSubject: " + r.FormValue("subject") + "\r\n\r\n" + r.FormValue("body")
	_ = smtp.SendMail("localhost:25", nil, "app@example.com", []string{"team@example.com"}, []byte(msg))
}

func Gin(c *gin.Context) {
	message(c.PostForm("mail"), c.PostForm("text"))
}

func message(from, text string) []byte {
	// ruleid: go.injection.mail-header-from-request
	return []byte(fmt.Sprintf("From: %s\r\nTo: team@example.com\r\n\r\n%s", from, text))
}

func Second(c *gin.Context) string {
	// ruleid: go.injection.mail-header-from-request
	return fmt.Sprintf("From: %s\r\nSubject: %s\r\n\r\n", "app@example.com", c.PostForm("subject"))
}

func Encoded(w http.ResponseWriter, r *http.Request) {
	subject := mime.QEncoding.Encode("utf-8", r.FormValue("subject"))
	// ok: go.injection.mail-header-from-request
	msg := "Subject: " + subject + "\r\n\r\n" + r.FormValue("body")
	_ = msg
}

func Body(c *gin.Context) string {
	// ok: go.injection.mail-header-from-request
	return fmt.Sprintf("Subject: %s\r\n\r\n%s", "Contact", c.PostForm("text"))
}

func Address(c *gin.Context) string {
	address, err := mail.ParseAddress(c.PostForm("mail"))
	if err != nil {
		return ""
	}
	// ok: go.injection.mail-header-from-request
	return "From: " + address.String() + "\r\n"
}

func Cleaned(c *gin.Context) string {
	subject := strings.NewReplacer("\r", "", "\n", "").Replace(c.PostForm("subject"))
	// ok: go.injection.mail-header-from-request
	return "Subject: " + subject + "\r\n"
}
