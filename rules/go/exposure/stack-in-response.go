package middleware

import (
	"fmt"
	"log"
	"net/http"
	"runtime"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

func Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				// ruleid: go.exposure.stack-in-response
				http.Error(w, fmt.Sprintf("panic: %v", v), http.StatusInternalServerError)
				// ruleid: go.exposure.stack-in-response
				w.Write(debug.Stack())
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func Gin(c *gin.Context) {
	c.JSON(200, gin.H{"ok": true})
	answer(c, string(debug.Stack()))
}

func answer(c *gin.Context, stack string) {
	// ruleid: go.exposure.stack-in-response
	c.JSON(500, gin.H{"stack": stack})
}

func Logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				log.Printf("panic: %v\n%s", v, debug.Stack())
				// ok: go.exposure.stack-in-response
				http.Error(w, "internal error", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func Buffer(w http.ResponseWriter) {
	buf := make([]byte, 1<<16)
	n := runtime.Stack(buf, false)
	log.Printf("%s", buf[:n])
	// ok: go.exposure.stack-in-response
	fmt.Fprintf(w, "%d", n)
}

func Version(w http.ResponseWriter) {
	// ok: go.exposure.stack-in-response
	fmt.Fprintln(w, "ok", runtime.NumGoroutine())
}
