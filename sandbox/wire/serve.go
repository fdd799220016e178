package wire

import "net/http"

func (s *Service) serve(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "wire: no codec yet", http.StatusInternalServerError)
}
