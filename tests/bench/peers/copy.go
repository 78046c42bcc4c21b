// What a Go program does with an upload: net/http and io.Copy, on one CPU. Usage: copy PORT FILE
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"runtime"
)

func receive(r *http.Request, path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err = io.Copy(file, r.Body); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

func main() {
	runtime.GOMAXPROCS(1)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "Welcome")
	})
	http.HandleFunc("/messages", func(w http.ResponseWriter, r *http.Request) {
		if err := receive(r, os.Args[2]); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		io.WriteString(w, "Binary message written!")
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
