from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    nickname = models.CharField(max_length=40)


class Post(models.Model):
    slug = models.SlugField()
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title
