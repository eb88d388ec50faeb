package main

import (
	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

func ginDebug() *gin.Engine {
	// ruleid: go.gin.debug-mode
	gin.SetMode(gin.DebugMode)
	return gin.Default()
}

func echoDebug() *echo.Echo {
	e := echo.New()
	// ruleid: go.gin.debug-mode
	e.Debug = true
	return e
}

func release() *gin.Engine {
	// ok: go.gin.debug-mode
	gin.SetMode(gin.ReleaseMode)
	return gin.New()
}

func chosen(development bool) *gin.Engine {
	if development {
		// ok: go.gin.debug-mode
		gin.SetMode(gin.DebugMode)
	}
	return gin.New()
}

func echoRelease(debug bool) *echo.Echo {
	e := echo.New()
	// ok: go.gin.debug-mode
	e.Debug = debug
	return e
}
