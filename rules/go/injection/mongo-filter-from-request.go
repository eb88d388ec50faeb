package accounts

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

type credentials struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

func Search(coll *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	var filter bson.M
	if err := json.NewDecoder(r.Body).Decode(&filter); err != nil {
		return
	}
	// ruleid: go.injection.mongo-filter-from-request
	_, _ = coll.Find(r.Context(), filter)
}

func Extended(coll *mongo.Collection, c *gin.Context) {
	var filter bson.D
	if err := bson.UnmarshalExtJSON([]byte(c.Query("filter")), true, &filter); err != nil {
		return
	}
	// ruleid: go.injection.mongo-filter-from-request
	_ = coll.FindOne(c.Request.Context(), filter)
}

func Update(coll *mongo.Collection, c *gin.Context) {
	var change map[string]interface{}
	if err := c.BindJSON(&change); err != nil {
		return
	}
	run(c.Request.Context(), coll, change)
}

func run(ctx context.Context, coll *mongo.Collection, change map[string]interface{}) {
	// ruleid: go.injection.mongo-filter-from-request
	_, _ = coll.DeleteMany(ctx, change)
}

func Login(coll *mongo.Collection, c *gin.Context) {
	var in credentials
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	// ok: go.injection.mongo-filter-from-request
	_ = coll.FindOne(c.Request.Context(), bson.M{"name": in.Name})
}

func ByName(coll *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	filter := bson.M{}
	if name := r.URL.Query().Get("name"); name != "" {
		filter["name"] = name
	}
	// ok: go.injection.mongo-filter-from-request
	_, _ = coll.Find(r.Context(), filter)
}

func ByID(coll *mongo.Collection, w http.ResponseWriter, r *http.Request) {
	filter := bson.D{{Key: "owner", Value: r.PathValue("owner")}}
	// ok: go.injection.mongo-filter-from-request
	_, _ = coll.DeleteOne(r.Context(), filter)
}
