package find

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esapi"
)

func Search(es *elasticsearch.Client, w http.ResponseWriter, r *http.Request) {
	query := fmt.Sprintf(`{"query": {"match": {"title": "%s"}}}`, r.URL.Query().Get("q"))
	// ruleid: go.injection.search-query-from-request
	_, _ = es.Search(es.Search.WithBody(strings.NewReader(query)))
}

func Request(es *elasticsearch.Client, w http.ResponseWriter, r *http.Request) {
	send(es, `{"query": {"query_string": {"query": "`+r.FormValue("q")+`"}}}`)
}

func send(es *elasticsearch.Client, body string) {
	// ruleid: go.injection.search-query-from-request
	req := esapi.SearchRequest{Index: []string{"books"}, Body: strings.NewReader(body)}
	_, _ = req.Do(nil, es)
}

func Whole(es *elasticsearch.Client, w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.search-query-from-request
	_, _ = es.Search(es.Search.WithIndex("books"), es.Search.WithBody(r.Body))
}

func Encoded(es *elasticsearch.Client, w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(map[string]any{"query": map[string]any{"match": map[string]any{"title": r.FormValue("q")}}})
	if err != nil {
		return
	}
	// ok: go.injection.search-query-from-request
	_, _ = es.Search(es.Search.WithBody(bytes.NewReader(body)))
}

func Buffer(es *elasticsearch.Client, w http.ResponseWriter, r *http.Request) {
	var buf bytes.Buffer
	query := map[string]any{"query": map[string]any{"match": map[string]any{"title": r.FormValue("q")}}}
	if err := json.NewEncoder(&buf).Encode(query); err != nil {
		return
	}
	// ok: go.injection.search-query-from-request
	_, _ = es.Search(es.Search.WithBody(&buf))
}

func Constant(es *elasticsearch.Client) {
	// ok: go.injection.search-query-from-request
	_, _ = es.Search(es.Search.WithBody(strings.NewReader(`{"query": {"match_all": {}}}`)))
}
