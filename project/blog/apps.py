from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "project.blog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from project.blog import receivers  # noqa: F401, PLC0415 - the models have to be loaded before it
