"""Who finds the right answer: the server's two engines, the browser's, and the model of meaning."""
