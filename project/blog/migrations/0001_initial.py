import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "message",
                    models.TextField(
                        max_length=5000,
                        validators=[
                            django.core.validators.MaxLengthValidator(5000),
                            django.core.validators.ProhibitNullCharactersValidator(),
                        ],
                    ),
                ),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "feedback",
                "ordering": ["-created", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=200, validators=[django.core.validators.ProhibitNullCharactersValidator()]
                    ),
                ),
                ("slug", models.SlugField(max_length=200, unique=True)),
                (
                    "body",
                    models.TextField(
                        blank=True, validators=[django.core.validators.ProhibitNullCharactersValidator()]
                    ),
                ),
                ("published", models.BooleanField(default=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-created", "-pk"],
            },
        ),
    ]
