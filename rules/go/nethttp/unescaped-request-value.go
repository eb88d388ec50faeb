package web

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io"
	"log"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

var page = template.Must(template.New("page").Parse("<h1>Hello {{.}}</h1>"))

func Direct(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "<h1>Hello %s</h1>", r.FormValue("name"))
}

func Variable(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: go.nethttp.unescaped-request-value
	w.Write([]byte("Hello " + name))
}

func Helper(w http.ResponseWriter, r *http.Request) {
	write(w, "No results for "+r.FormValue("q"))
}

func write(w http.ResponseWriter, text string) {
	var b strings.Builder
	b.WriteString("<p>")
	b.WriteString(text)
	// ruleid: go.nethttp.unescaped-request-value
	io.WriteString(w, b.String())
}

func Table(w http.ResponseWriter, r *http.Request) {
	row(w, r.FormValue("cell"))
}

func row(w io.Writer, cell string) {
	// ruleid: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "<tr><td>%s</td></tr>", cell)
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "<tr><td>%d</td></tr>", len(cell))
}

func Echo(c echo.Context) error {
	// ruleid: go.nethttp.unescaped-request-value
	return c.HTML(http.StatusOK, "<b>"+c.QueryParam("name")+"</b>")
}

func Gin(c *gin.Context) {
	// ruleid: go.nethttp.unescaped-request-value
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte("<b>"+c.Query("name")+"</b>"))
	// ruleid: go.nethttp.unescaped-request-value
	c.Writer.WriteString(c.Query("name"))
}

func Fiber(c *fiber.Ctx) error {
	c.Set("Content-Type", "text/html")
	// ruleid: go.nethttp.unescaped-request-value
	return c.SendString("<b>" + c.Query("name") + "</b>")
}

func Escaped(w http.ResponseWriter, r *http.Request) {
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(r.FormValue("name")))
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "<h1>Hello %q %d</h1>", "you", len(r.FormValue("name")))
}

func Plain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "Hello %s", r.FormValue("name"))
}

func Logged(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ok: go.nethttp.unescaped-request-value
	log.Printf("hello %s", name)
	w.WriteHeader(http.StatusNoContent)
}

func Numbers(w http.ResponseWriter, r *http.Request) {
	count, err := strconv.Atoi(r.FormValue("count"))
	if err != nil {
		return
	}
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprintf(w, "%d", count)
	// ok: go.nethttp.unescaped-request-value
	fmt.Fprint(w, "<b>", count, "</b>")
}

func Template(w http.ResponseWriter, r *http.Request) {
	// ok: go.nethttp.unescaped-request-value
	_ = page.Execute(w, r.FormValue("name"))
}

func JSON(w http.ResponseWriter, r *http.Request) {
	data, err := json.Marshal(map[string]string{"name": r.FormValue("name")})
	if err != nil {
		return
	}
	// ok: go.nethttp.unescaped-request-value
	w.Write(data)
}

func Text(c *gin.Context) {
	// ok: go.nethttp.unescaped-request-value
	c.String(http.StatusOK, "Hello %s", c.Query("name"))
	// ok: go.nethttp.unescaped-request-value
	c.JSON(http.StatusOK, gin.H{"name": c.Query("name")})
}

func Error(w http.ResponseWriter, r *http.Request) {
	// ok: go.nethttp.unescaped-request-value
	http.Error(w, "no such user: "+r.FormValue("name"), http.StatusNotFound)
}
