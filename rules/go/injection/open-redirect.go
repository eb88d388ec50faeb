package login

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

func Done(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.open-redirect
	http.Redirect(w, r, r.FormValue("next"), http.StatusFound)
}

func Gin(c *gin.Context) {
	back(c, c.Query("return"))
}

func back(c *gin.Context, target string) {
	if target == "" {
		target = "/"
	}
	// ruleid: go.injection.open-redirect
	c.Redirect(http.StatusFound, target)
}

func Echo(c echo.Context) error {
	// ruleid: go.injection.open-redirect
	return c.Redirect(http.StatusSeeOther, c.QueryParam("next"))
}

func Fiber(c *fiber.Ctx) error {
	// ruleid: go.injection.open-redirect
	return c.Redirect(c.Query("next"))
}

func Header(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.open-redirect
	w.Header().Set("Location", r.URL.Query().Get("to"))
	w.WriteHeader(http.StatusFound)
}

func Cookie(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("next")
	if err != nil {
		return
	}
	// ruleid: go.injection.open-redirect
	http.Redirect(w, r, cookie.Value, http.StatusFound)
}

func Path(w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.open-redirect
	http.Redirect(w, r, "/users/"+r.FormValue("id"), http.StatusFound)
	// ok: go.injection.open-redirect
	http.Redirect(w, r, "https://"+r.Host+r.URL.RequestURI(), http.StatusMovedPermanently)
}

func Checked(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		next = "/"
	}
	// ok: go.injection.open-redirect
	http.Redirect(w, r, next, http.StatusFound)
}

func Parsed(c *gin.Context) {
	u, err := url.Parse(c.Query("next"))
	if err != nil || u.Host != "" {
		c.Status(http.StatusBadRequest)
		return
	}
	// ok: go.injection.open-redirect
	c.Redirect(http.StatusFound, u.String())
}

func Known(c *gin.Context) {
	pages := map[string]string{"home": "/", "cart": "/cart"}
	// ok: go.injection.open-redirect
	c.Redirect(http.StatusFound, pages[c.Query("next")])
}

func Encoded(c *gin.Context) {
	// ok: go.injection.open-redirect
	c.Redirect(http.StatusFound, "https://login.example.com/?state="+url.QueryEscape(c.Query("state")))
}

func Compared(c *gin.Context) {
	next := c.Query("next")
	if next != "/a" && next != "/b" {
		next = "/"
	}
	// ok: go.injection.open-redirect
	c.Redirect(http.StatusFound, next)
}
