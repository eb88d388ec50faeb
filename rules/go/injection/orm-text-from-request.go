package shop

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type Product struct {
	ID   uint
	Name string
}

type repository struct{ db *gorm.DB }

func (r *repository) byName(name string) []Product {
	var out []Product
	// ruleid: go.injection.orm-text-from-request
	r.db.Where(fmt.Sprintf("name = '%s'", name)).Find(&out)
	return out
}

func (r *repository) list(c *gin.Context) {
	c.JSON(200, r.byName(c.Query("name")))
}

func show(db *gorm.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		var p Product
		// ruleid: go.injection.orm-text-from-request
		if err := db.First(&p, c.Param("id")).Error; err != nil {
			c.Status(http.StatusNotFound)
			return
		}
		c.JSON(200, p)
	}
}

func sorted(db *gorm.DB, c *gin.Context) {
	var out []Product
	sort := c.Query("sort")
	// ruleid: go.injection.orm-text-from-request
	db.Model(&Product{}).Order(sort + " desc").Find(&out)
	c.JSON(200, out)
}

func raw(db *gorm.DB, w http.ResponseWriter, r *http.Request) {
	var out []Product
	// ruleid: go.injection.orm-text-from-request
	db.Raw("SELECT * FROM products WHERE name = '" + r.FormValue("name") + "'").Scan(&out)
}

func placeholder(db *gorm.DB, c *gin.Context) {
	var out []Product
	// ok: go.injection.orm-text-from-request
	db.Where("name = ?", c.Query("name")).Find(&out)
	c.JSON(200, out)
}

func byStruct(db *gorm.DB, c *gin.Context) {
	var out []Product
	// ok: go.injection.orm-text-from-request
	db.Where(&Product{Name: c.Query("name")}).Find(&out)
	// ok: go.injection.orm-text-from-request
	db.Where(map[string]interface{}{"name": c.Query("name")}).Find(&out)
	c.JSON(200, out)
}

func number(db *gorm.DB, c *gin.Context) {
	id, err := strconv.ParseUint(c.Param("id"), 10, 64)
	if err != nil {
		return
	}
	var p Product
	// ok: go.injection.orm-text-from-request
	db.First(&p, id)
	// ok: go.injection.orm-text-from-request
	db.First(&p, "id = ?", c.Param("id"))
}

func column(db *gorm.DB, c *gin.Context) {
	var out []Product
	// ok: go.injection.orm-text-from-request
	db.Order(clause.OrderByColumn{Column: clause.Column{Name: c.Query("sort")}, Desc: true}).Find(&out)
	columns := map[string]string{"name": "name", "age": "created_at"}
	// ok: go.injection.orm-text-from-request
	db.Order(columns[c.Query("sort")]).Find(&out)
}
