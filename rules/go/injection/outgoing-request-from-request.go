package fetch

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/go-resty/resty/v2"
	"github.com/labstack/echo/v4"
)

const api = "https://api.example.com"

var allowed = map[string]bool{"images.example.com": true}

func Proxy(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.outgoing-request-from-request
	resp, err := http.Get(r.URL.Query().Get("url"))
	if err != nil {
		return
	}
	defer resp.Body.Close()
	_, _ = io.Copy(w, resp.Body)
}

func Host(c *gin.Context) {
	target := fmt.Sprintf("https://%s/status", c.Query("host"))
	// ruleid: go.injection.outgoing-request-from-request
	req, err := http.NewRequest(http.MethodGet, target, nil)
	_, _ = req, err
}

func Hook(c *gin.Context) {
	var in struct {
		URL string `json:"url"`
	}
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	client := &http.Client{}
	notify(client, in.URL)
}

func notify(client *http.Client, address string) {
	// ruleid: go.injection.outgoing-request-from-request
	_, _ = client.Post(address, "application/json", nil)
}

func Resty(c echo.Context) error {
	client := resty.New()
	// ruleid: go.injection.outgoing-request-from-request
	_, err := client.R().SetHeader("Accept", "text/html").Get(c.QueryParam("page"))
	return err
}

func Reverse(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.Header.Get("X-Target"))
	if err != nil {
		return
	}
	// ruleid: go.injection.outgoing-request-from-request
	httputil.NewSingleHostReverseProxy(u).ServeHTTP(w, r)
}

func Path(c *gin.Context) {
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Get("https://api.example.com/users/" + c.Param("id"))
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Get(api + "/users/" + c.Param("id"))
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Get(fmt.Sprintf("https://api.example.com/users/%s", c.Param("id")))
}

func Query(c *gin.Context, base string) {
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Get(base + "/search?q=" + url.QueryEscape(c.Query("q")))
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Get(fmt.Sprintf("%s/users/%s", base, c.Param("id")))
}

func Checked(w http.ResponseWriter, r *http.Request) {
	raw := r.FormValue("url")
	u, err := url.Parse(raw)
	if err != nil || !allowed[u.Host] {
		http.Error(w, "bad host", http.StatusBadRequest)
		return
	}
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Get(raw)
}

func Branch(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("url"))
	if err != nil {
		return
	}
	if u.Host == "images.example.com" {
		// ok: go.injection.outgoing-request-from-request
		_, _ = http.Get(u.String())
	}
}

func Known(w http.ResponseWriter, r *http.Request) {
	hosts := map[string]string{"a": "https://a.example.com/", "b": "https://b.example.com/"}
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Get(hosts[r.FormValue("where")])
}

func Body(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.outgoing-request-from-request
	_, _ = http.Post("https://api.example.com/", "application/json", r.Body)
}
