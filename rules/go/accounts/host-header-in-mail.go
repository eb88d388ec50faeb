package accounts

import (
	"fmt"
	"net/http"
	"net/smtp"

	"github.com/gin-gonic/gin"
	"gopkg.in/gomail.v2"
)

type config struct{ PublicURL string }

func Reset(w http.ResponseWriter, r *http.Request, token string) {
	link := "https://" + r.Host + "/reset?token=" + token
	body := []byte("Subject: New password\r\n\r\n" + link)
	// ruleid: go.accounts.host-header-in-mail
	_ = smtp.SendMail("localhost:25", nil, "app@example.com", []string{r.FormValue("mail")}, body)
}

func Gin(c *gin.Context, m *gomail.Message, token string) {
	write(m, fmt.Sprintf("https://%s/confirm/%s", c.Request.Host, token))
}

func write(m *gomail.Message, link string) {
	// ruleid: go.accounts.host-header-in-mail
	m.SetBody("text/plain", "Please follow "+link)
}

func Forwarded(w http.ResponseWriter, r *http.Request, send func(string)) {
	host := r.Header.Get("X-Forwarded-Host")
	// ruleid: go.accounts.host-header-in-mail
	sendResetMail(r.FormValue("mail"), "https://"+host+"/reset")
}

func sendResetMail(to, link string) {}

func Configured(w http.ResponseWriter, r *http.Request, cfg config, token string) {
	body := []byte("Subject: New password\r\n\r\n" + cfg.PublicURL + "/reset?token=" + token)
	// ok: go.accounts.host-header-in-mail
	_ = smtp.SendMail("localhost:25", nil, "app@example.com", []string{r.FormValue("mail")}, body)
}

func Redirect(w http.ResponseWriter, r *http.Request) {
	// ok: go.accounts.host-header-in-mail
	http.Redirect(w, r, "https://"+r.Host+"/login", http.StatusFound)
}

func Compared(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if host != "app.example.com" {
		return
	}
	// ok: go.accounts.host-header-in-mail
	sendResetMail(r.FormValue("mail"), "https://"+host+"/reset")
}
