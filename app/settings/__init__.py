"""What is kept between starts: settings by section, how tables were read, painted points."""
