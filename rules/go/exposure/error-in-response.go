package users

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
)

func Std(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	if err := db.Ping(); err != nil {
		// ruleid: go.exposure.error-in-response
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func Gin(db *sql.DB, c *gin.Context) {
	if err := db.Ping(); err != nil {
		// ruleid: go.exposure.error-in-response
		c.JSON(http.StatusInternalServerError, gin.H{"error": err.Error()})
	}
}

func Fiber(db *sql.DB, c *fiber.Ctx) error {
	if err := db.Ping(); err != nil {
		// ruleid: go.exposure.error-in-response
		return c.Status(500).SendString("failed: " + err.Error())
	}
	return nil
}

func Helper(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	if err := db.Ping(); err != nil {
		fail(w, err)
	}
}

func fail(w http.ResponseWriter, err error) {
	message := fmt.Sprintf("failed: %v", err)
	// ruleid: go.exposure.error-in-response
	http.Error(w, message, 500)
}

func Logged(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	if err := db.Ping(); err != nil {
		log.Print(err.Error())
		// ok: go.exposure.error-in-response
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func Input(c *gin.Context) {
	var in struct{ Name string }
	if err := c.ShouldBindJSON(&in); err != nil {
		// ok: go.exposure.error-in-response
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
	}
}

func Overwritten(db *sql.DB, w http.ResponseWriter) {
	if err := db.Ping(); err != nil {
		text := err.Error()
		log.Print(text)
		text = "internal error"
		// ok: go.exposure.error-in-response
		http.Error(w, text, http.StatusInternalServerError)
	}
}
