package notes

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

func Find(coll *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	script := "this.owner == '" + r.FormValue("owner") + "'"
	// ruleid: go.injection.mongo-script-from-request
	filter := bson.M{"$where": script}
	_, _ = coll.Find(r.Context(), filter)
}

func FindGin(coll *mongo.Collection, c *gin.Context) {
	where(c.Request.Context(), coll, c.Query("year"))
}

func where(ctx context.Context, coll *mongo.Collection, year string) {
	// ruleid: go.injection.mongo-script-from-request
	filter := bson.D{{Key: "$where", Value: fmt.Sprintf("this.year > %s", year)}}
	_, _ = coll.Find(ctx, filter)
}

func Later(coll *mongo.Collection, c *gin.Context) {
	filter := bson.M{}
	// ruleid: go.injection.mongo-script-from-request
	filter["$where"] = "this.year == " + c.Param("year")
	_, _ = coll.Find(c, filter)
}

func Equal(coll *mongo.Collection, c *gin.Context) {
	// ok: go.injection.mongo-script-from-request
	_, _ = coll.Find(c, bson.M{"owner": c.Query("owner")})
}

func Constant(coll *mongo.Collection, c *gin.Context) {
	// ok: go.injection.mongo-script-from-request
	_, _ = coll.Find(c, bson.M{"$where": "this.year > this.created"})
}

func Known(coll *mongo.Collection, c *gin.Context) {
	field := "year"
	if c.Query("by") == "month" {
		field = "month"
	}
	// ok: go.injection.mongo-script-from-request
	_, _ = coll.Find(c, bson.M{"$where": "this." + field + " > 5"})
}
