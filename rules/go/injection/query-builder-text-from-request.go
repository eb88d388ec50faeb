package report

import (
	"net/http"

	sq "github.com/Masterminds/squirrel"
	"github.com/gin-gonic/gin"
)

func Sorted(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.query-builder-text-from-request
	query := sq.Select("id").From("reports").OrderBy(r.URL.Query().Get("sort"))
	_, _, _ = query.ToSql()
}

func Filtered(c *gin.Context) {
	condition := "owner = '" + c.Query("owner") + "'"
	build(condition)
}

func build(condition string) (string, []interface{}, error) {
	// ruleid: go.injection.query-builder-text-from-request
	return sq.Select("id").From("reports").Where(condition).ToSql()
}

func Table(c *gin.Context) {
	// ruleid: go.injection.query-builder-text-from-request
	_, _, _ = sq.Select("*").From(c.Param("table")).ToSql()
}

func Bound(c *gin.Context) {
	// ok: go.injection.query-builder-text-from-request
	_, _, _ = sq.Select("id").From("reports").Where(sq.Eq{"owner": c.Query("owner")}).ToSql()
	// ok: go.injection.query-builder-text-from-request
	_, _, _ = sq.Select("id").From("reports").Where("owner = ?", c.Query("owner")).ToSql()
}

func Known(c *gin.Context) {
	column := "created"
	if c.Query("sort") == "name" {
		column = "name"
	}
	// ok: go.injection.query-builder-text-from-request
	_, _, _ = sq.Select("id").From("reports").OrderBy(column).ToSql()
}

func Values(c *gin.Context) {
	// ok: go.injection.query-builder-text-from-request
	_, _, _ = sq.Insert("reports").Columns("owner").Values(c.PostForm("owner")).ToSql()
}
