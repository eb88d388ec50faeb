package orders

import (
	"encoding/xml"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/lestrrat-go/libxml2"
	"github.com/lestrrat-go/libxml2/parser"
)

func Reader(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.xml.external-entity-from-request
	doc, err := libxml2.ParseReader(r.Body, parser.XMLParseNoEnt)
	_, _ = doc, err
}

func Text(c *gin.Context) {
	parse(c.PostForm("xml"))
}

func parse(text string) {
	p := parser.New(parser.XMLParseDTDLoad, parser.XMLParseNoEnt)
	// ruleid: go.xml.external-entity-from-request
	_, _ = p.ParseString(text)
}

func All(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	// ruleid: go.xml.external-entity-from-request
	_, _ = libxml2.Parse(data, parser.XMLParseNoEnt|parser.XMLParseDTDLoad)
}

func Plain(w http.ResponseWriter, r *http.Request) {
	// ok: go.xml.external-entity-from-request
	_, _ = libxml2.ParseReader(r.Body, parser.XMLParseNoNet)
	// ok: go.xml.external-entity-from-request
	_, _ = libxml2.ParseReader(r.Body)
}

func Std(w http.ResponseWriter, r *http.Request) {
	var order struct{ ID string }
	// ok: go.xml.external-entity-from-request
	_ = xml.NewDecoder(r.Body).Decode(&order)
}

func Own() {
	// ok: go.xml.external-entity-from-request
	_, _ = libxml2.ParseString("<a/>", parser.XMLParseNoEnt)
}
