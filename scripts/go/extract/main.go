// Evaluates JSONPath and XPath with the libraries of Pandora, for the vectors of spec/vectors/go-extract.json.
// It reads a JSON list of cases from standard input and writes the list of their results to standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/PaesslerAG/jsonpath"
	"github.com/antchfx/htmlquery"
	"github.com/antchfx/xpath"
	"golang.org/x/net/html"
)

type testCase struct {
	Kind string
	Path string
	Body string
}

type result map[string]any

func failed(err error) result {
	return result{"error": err.Error()}
}

func evaluate(c testCase) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{"error": fmt.Sprint(p)}
		}
	}()
	if c.Kind == "jsonpath" {
		var document any
		if err := json.NewDecoder(strings.NewReader(c.Body)).Decode(&document); err != nil {
			return failed(err)
		}
		value, err := jsonpath.Get(c.Path, document)
		if err != nil {
			return failed(err)
		}
		return result{"value": value}
	}
	document, err := html.Parse(strings.NewReader(c.Body))
	if err != nil {
		return failed(err)
	}
	expression, err := xpath.Compile(c.Path)
	if err != nil {
		return failed(err)
	}
	nodes := expression.Evaluate(htmlquery.CreateXPathNavigator(document)).(*xpath.NodeIterator)
	values := []string{}
	for nodes.MoveNext() {
		values = append(values, nodes.Current().Value())
	}
	if len(values) == 1 {
		return result{"value": values[0]}
	}
	return result{"value": values}
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	results := []result{}
	for _, c := range cases {
		results = append(results, evaluate(c))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(results); err != nil {
		panic(err)
	}
}
