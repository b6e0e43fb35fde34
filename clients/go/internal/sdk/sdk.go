// Package sdk looks at the source of the SDK that the module stands on: which functions of it read something.
package sdk

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

// Module is the import path of the SDK.
const Module = "github.com/zscaler/zscaler-sdk-go/v3"

// Products are its folders.
var Products = []string{"zcc", "zdx", "zia", "zid", "zpa", "ztw"}

// Function is an exported function that takes a context and the service, and by its name reads.
type Function struct {
	// Package is the import path, Name the function's.
	Package, Name string
	// Parameters are the names of its parameters behind the service.
	Parameters []string
}

// Key names a function as the runtime does.
func (f Function) Key() string { return f.Package + "." + f.Name }

var reads = regexp.MustCompile(`^(Get|List|Fetch|Search|Lookup|Count|Has|Is)([A-Z]|$)`)

// Folder is where the source lies of the SDK that the program is built with, wherever it runs.
func Folder() (string, error) {
	built, _ := debug.ReadBuildInfo()
	if built != nil {
		for _, module := range built.Deps {
			if module.Path == Module {
				cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
				return filepath.Join(strings.TrimSpace(string(cache)), Module+"@"+module.Version), err
			}
		}
	}
	// A program that only looks at the source is run in the module's folder.
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", Module).Output()
	return strings.TrimSpace(string(out)), err
}

// Functions are those of one product, in the order of their names.
func Functions(folder, product string) ([]Function, error) {
	var found []Function
	root := filepath.Join(folder, "zscaler", product)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if ok && function.Recv == nil && function.Type.TypeParams == nil && reads.MatchString(function.Name.Name) {
				if parameters, ok := behindTheService(function.Type); ok {
					at := Module + "/" + filepath.ToSlash(relative)
					found = append(found, Function{at, function.Name.Name, parameters})
				}
			}
		}
		return nil
	})
	slices.SortFunc(found, func(one, other Function) int { return strings.Compare(one.Key(), other.Key()) })
	return found, err
}

// behindTheService gives the names of the parameters behind a context and the service, if it begins with those.
func behindTheService(kind *ast.FuncType) ([]string, bool) {
	var names, kinds []string
	for _, field := range kind.Params.List {
		for _, name := range field.Names {
			names, kinds = append(names, name.Name), append(kinds, fmt.Sprint(spelt(field.Type)))
		}
	}
	if len(kinds) < 2 || kinds[0] != "context.Context" || kinds[1] != "*zscaler.Service" {
		return nil, false
	}
	return names[2:], true
}

func spelt(kind ast.Expr) string {
	switch kind := kind.(type) {
	case *ast.StarExpr:
		return "*" + spelt(kind.X)
	case *ast.SelectorExpr:
		return spelt(kind.X) + "." + kind.Sel.Name
	case *ast.Ident:
		return kind.Name
	}
	return "?"
}
