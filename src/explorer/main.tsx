document.title = "Viaduct";
