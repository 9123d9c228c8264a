# Not needed where the package is installed: pytest finds the plugin itself.
pytest_plugins = ["wsfault.pytest_plugin"]
