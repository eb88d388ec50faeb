package tools

import (
	"context"
	"fmt"
	"os/exec"
)

const usage = "df -h | tail -n 1"

func Ping(host string) ([]byte, error) {
	// ruleid: go.audit.shell-command
	return exec.Command("sh", "-c", "ping -c 1 "+host).Output()
}

func Archive(ctx context.Context, dir string) error {
	script := fmt.Sprintf("tar czf /backup.tgz %s", dir)
	// ruleid: go.audit.shell-command
	return exec.CommandContext(ctx, "/bin/bash", "-c", script).Run()
}

func Windows(name string) error {
	// ruleid: go.audit.shell-command
	return exec.Command("cmd.exe", "/C", "type", name).Run()
}

func Direct(host string) ([]byte, error) {
	// ok: go.audit.shell-command
	return exec.Command("ping", "-c", "1", "--", host).Output()
}

func Constant() ([]byte, error) {
	// ok: go.audit.shell-command
	return exec.Command("sh", "-c", usage).Output()
}

func Positional(name string) error {
	// the value is a positional parameter of a fixed script
	// ok: go.audit.shell-command
	return exec.Command("sh", "-c", `cat -- "$1"`, "sh", name).Run()
}
