// Renders templates with Go's own text/template and html/template, for the vectors of spec/vectors/go-templates.json.
// It reads a JSON list of cases from standard input and writes the list of their results to standard output.
package main

import (
	"encoding/json"
	"fmt"
	html "html/template"
	"os"
	"strings"
	text "text/template"
)

type testCase struct {
	Templater string
	Template  string
	Data      map[string]any
}

type result struct {
	Output string `json:"output"`
	Error  string `json:"error,omitempty"`
}

// typed replaces {"$int": 5} by an int and {"$rows": [...]} by maps of strings, which JSON cannot express.
func typed(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = typed(v[i])
		}
	case map[string]any:
		if n, ok := v["$int"]; ok {
			return int(n.(float64))
		}
		if rows, ok := v["$rows"]; ok {
			maps := []map[string]string{}
			for _, row := range rows.([]any) {
				m := map[string]string{}
				for k, cell := range row.(map[string]any) {
					m[k] = cell.(string)
				}
				maps = append(maps, m)
			}
			return maps
		}
		for k := range v {
			v[k] = typed(v[k])
		}
	}
	return value
}

func render(c testCase) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{Error: fmt.Sprint(p)}
		}
	}()
	data := typed(any(c.Data))
	var out strings.Builder
	var err error
	if c.Templater == "html" {
		var t *html.Template
		if t, err = html.New("t").Parse(c.Template); err == nil {
			err = t.Execute(&out, data)
		}
	} else {
		var t *text.Template
		if t, err = text.New("t").Parse(c.Template); err == nil {
			err = t.Execute(&out, data)
		}
	}
	if err != nil {
		return result{Error: err.Error()}
	}
	return result{Output: out.String()}
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	results := []result{}
	for _, c := range cases {
		results = append(results, render(c))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(results); err != nil {
		panic(err)
	}
}
