package users

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

type User struct {
	ID      uint
	Name    string
	IsAdmin bool
}

func Create(db *gorm.DB, c *gin.Context) {
	var user User
	if err := c.ShouldBindJSON(&user); err != nil {
		return
	}
	// ruleid: go.injection.record-from-request
	db.Create(&user)
}

func Update(db *gorm.DB, w http.ResponseWriter, r *http.Request) {
	var changes map[string]interface{}
	if err := json.NewDecoder(r.Body).Decode(&changes); err != nil {
		return
	}
	// ruleid: go.injection.record-from-request
	db.Model(&User{}).Updates(changes)
}

func Save(db *gorm.DB, c *gin.Context) {
	user := User{}
	if err := c.BindJSON(&user); err != nil {
		return
	}
	// ruleid: go.injection.record-from-request
	db.Save(&user)
}

func Fields(db *gorm.DB, c *gin.Context) {
	var in struct{ Name string }
	if err := c.ShouldBindJSON(&in); err != nil {
		return
	}
	user := User{Name: in.Name}
	// ok: go.injection.record-from-request
	db.Create(&user)
}

func Selected(db *gorm.DB, c *gin.Context) {
	var user User
	if err := c.ShouldBindJSON(&user); err != nil {
		return
	}
	// ok: go.injection.record-from-request
	db.Model(&User{}).Select("name").Updates(user)
}

func Own(db *gorm.DB) {
	user := User{Name: "guest"}
	// ok: go.injection.record-from-request
	db.Create(&user)
}
