package cache

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
)

func Count(rdb *redis.Client, w http.ResponseWriter, r *http.Request) {
	script := "return redis.call('GET', '" + r.FormValue("key") + "')"
	// ruleid: go.injection.redis-script-from-request
	_ = rdb.Eval(r.Context(), script, nil)
}

func Run(rdb *redis.Client, c *gin.Context) {
	eval(c.Request.Context(), rdb, c.PostForm("script"))
}

func eval(ctx context.Context, rdb *redis.Client, lua string) {
	// ruleid: go.injection.redis-script-from-request
	_ = redis.NewScript(lua).Run(ctx, rdb, nil)
}

func Do(ctx context.Context, rdb *redis.Client, r *http.Request) {
	// ruleid: go.injection.redis-script-from-request
	_ = rdb.Do(ctx, "EVAL", "return "+r.URL.Query().Get("value"), 0)
}

func Argument(rdb *redis.Client, w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.redis-script-from-request
	_ = rdb.Eval(r.Context(), "return redis.call('GET', KEYS[1])", []string{r.FormValue("key")})
}

func Get(rdb *redis.Client, w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.redis-script-from-request
	_ = rdb.Get(r.Context(), r.FormValue("key"))
	// ok: go.injection.redis-script-from-request
	_ = rdb.Do(r.Context(), "GET", r.FormValue("key"))
}
