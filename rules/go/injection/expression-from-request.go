package pricing

import (
	"net/http"

	"github.com/Knetic/govaluate"
	"github.com/expr-lang/expr"
	"github.com/gin-gonic/gin"
)

func Eval(w http.ResponseWriter, r *http.Request) {
	// ruleid: go.injection.expression-from-request
	_, _ = expr.Eval(r.FormValue("formula"), nil)
}

func Rule(c *gin.Context) {
	var in struct{ Formula string }
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	compile(in.Formula)
}

func compile(formula string) {
	// ruleid: go.injection.expression-from-request
	_, _ = govaluate.NewEvaluableExpression(formula)
}

func Part(c *gin.Context) {
	// ruleid: go.injection.expression-from-request
	_, _ = expr.Compile("price * " + c.Query("factor"))
}

func Values(w http.ResponseWriter, r *http.Request) {
	env := map[string]any{"name": r.FormValue("name")}
	// ok: go.injection.expression-from-request
	_, _ = expr.Eval(`name == "a"`, env)
}

func Constant() {
	// ok: go.injection.expression-from-request
	_, _ = govaluate.NewEvaluableExpression("1 + 2")
}

func Known(c *gin.Context) {
	formula := "price"
	if c.Query("tax") == "yes" {
		formula = "price * 1.2"
	}
	// ok: go.injection.expression-from-request
	_, _ = expr.Compile(formula)
}
