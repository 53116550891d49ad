from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.urls import reverse

# PostgreSQL cannot store a NUL: refuse it as the field's error, not as a failure of the database.
no_nul = ProhibitNullCharactersValidator()


class Post(models.Model):
    title = models.CharField(max_length=200, validators=[no_nul])
    slug = models.SlugField(max_length=200, unique=True)
    body = models.TextField(blank=True, validators=[no_nul])
    draft = models.TextField(blank=True, validators=[no_nul], help_text="The next text: preview shows it already.")
    published = models.BooleanField(default=True, help_text="If not, only preview shows it.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("post", kwargs={"slug": self.slug})

    @property
    def tag(self) -> str:
        """What the page of this post is found by, whatever its slug was when it was made."""
        return f"post-{self.pk}"

    def publish(self) -> None:
        """What preview shows becomes what everybody sees."""
        self.body, self.draft, self.published = self.draft or self.body, "", True
        self.save()


class Feedback(models.Model):
    email = models.EmailField()
    message = models.TextField(max_length=5000, validators=[MaxLengthValidator(5000), no_nul])
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return f"{self.email}, {self.created:%Y-%m-%d}"
