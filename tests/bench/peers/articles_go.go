// The same GET in Go: net/http on one CPU. Usage: articles_go PORT
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"runtime"
	"strings"
)

func main() {
	runtime.GOMAXPROCS(1)
	http.HandleFunc("/articles/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "You are reading "+strings.TrimPrefix(r.URL.Path, "/articles/"))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
