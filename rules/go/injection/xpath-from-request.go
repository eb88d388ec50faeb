package catalog

import (
	"fmt"
	"net/http"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
	"github.com/gin-gonic/gin"
)

func Login(doc *xmlquery.Node, w http.ResponseWriter, r *http.Request) {
	query := fmt.Sprintf("//user[name='%s' and password='%s']", r.FormValue("name"), r.FormValue("password"))
	// ruleid: go.injection.xpath-from-request
	node := xmlquery.FindOne(doc, query)
	_ = node
}

func Search(doc *xmlquery.Node, c *gin.Context) {
	find(doc, c.Query("title"))
}

func find(doc *xmlquery.Node, title string) {
	// ruleid: go.injection.xpath-from-request
	_, _ = xmlquery.QueryAll(doc, "//book[title='"+title+"']")
}

func Compile(c *gin.Context) {
	// ruleid: go.injection.xpath-from-request
	_, _ = xpath.Compile("//" + c.Param("element"))
}

func Compare(doc *xmlquery.Node, w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ok: go.injection.xpath-from-request
	for _, node := range xmlquery.Find(doc, "//user") {
		if node.SelectAttr("name") == name {
			return
		}
	}
}

func Known(doc *xmlquery.Node, c *gin.Context) {
	element := "book"
	if c.Param("element") == "author" {
		element = "author"
	}
	// ok: go.injection.xpath-from-request
	_ = xmlquery.Find(doc, "//"+element)
}

func Constant() {
	// ok: go.injection.xpath-from-request
	_, _ = xpath.Compile("//book/title")
}
