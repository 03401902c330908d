"""The parts of DOCX, XLSX and OFD packages."""
