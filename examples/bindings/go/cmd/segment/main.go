// SPDX-License-Identifier: BSD-2-Clause

// A picture through a network: go run ./cmd/segment MODEL PICTURE
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"segent"
)

func main() {
	if log.SetFlags(0); len(os.Args) != 3 {
		log.Fatal("segment MODEL PICTURE")
	}
	settings, err := segent.New(segent.Options{})
	check(err)
	model, err := settings.LoadModel(os.Args[1], nil)
	check(err)
	picture, err := settings.LoadImage(os.Args[2], nil)
	check(err)
	result, err := settings.Run(context.Background(), model, picture, nil)
	check(err)
	fmt.Printf("%s, %d classes\n", model.Details().Architecture, result.Classes)
	fmt.Printf("image entropy %.3f, mean %.6f\n", result.Summary.Sum, result.Summary.Mean)
	for id, class := range result.Statistics {
		if class.Pixels > 0 {
			fmt.Printf("%s: %d pixels\n", model.ClassName(id), class.Pixels)
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
