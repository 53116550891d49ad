from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models

# PostgreSQL cannot store a NUL: refuse it as the field's error, not as a failure of the database.
no_nul = ProhibitNullCharactersValidator()


class Post(models.Model):
    title = models.CharField(max_length=200, validators=[no_nul])
    slug = models.SlugField(max_length=200, unique=True)
    body = models.TextField(blank=True, validators=[no_nul])
    published = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.title


class Feedback(models.Model):
    email = models.EmailField()
    message = models.TextField(max_length=5000, validators=[MaxLengthValidator(5000), no_nul])
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return f"{self.email}, {self.created:%Y-%m-%d}"
