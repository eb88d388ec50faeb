package graph

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

func Friends(session neo4j.SessionWithContext, w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.cypher-from-request
	_, _ = session.Run(r.Context(), "MATCH (u {name: '"+r.FormValue("name")+"'}) RETURN u", nil)
}

func Label(session neo4j.SessionWithContext, c echo.Context) error {
	return match(c.Request().Context(), session, c.QueryParam("label"))
}

func match(ctx context.Context, session neo4j.SessionWithContext, label string) error {
	query := fmt.Sprintf("MATCH (n:%s) RETURN n", label)
	// ruleid: go.injection.cypher-from-request
	_, err := session.Run(ctx, query, nil)
	return err
}

func Driver(ctx context.Context, driver neo4j.DriverWithContext, r *http.Request) {
	query := "MATCH (n) WHERE n.id = " + r.URL.Query().Get("id") + " RETURN n"
	// ruleid: go.injection.cypher-from-request
	_, _ = neo4j.ExecuteQuery(ctx, driver, query, nil, neo4j.EagerResultTransformer)
}

func Bound(session neo4j.SessionWithContext, w http.ResponseWriter, r *http.Request) {
	// ok: go.injection.cypher-from-request
	_, _ = session.Run(r.Context(), "MATCH (u {name: $name}) RETURN u", map[string]any{"name": r.FormValue("name")})
}

func Known(session neo4j.SessionWithContext, c echo.Context) error {
	label := "User"
	if c.QueryParam("kind") == "group" {
		label = "Group"
	}
	// ok: go.injection.cypher-from-request
	_, err := session.Run(c.Request().Context(), "MATCH (n:"+label+") RETURN n", nil)
	return err
}

func Constant(session neo4j.SessionWithContext, r *http.Request) {
	// ok: go.injection.cypher-from-request
	_, _ = session.Run(r.Context(), "MATCH (n) RETURN count(n)", nil)
}
